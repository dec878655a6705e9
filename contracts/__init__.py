"""What processes may know of each other: pure data, no I/O, nothing of ours imported.

Every RPC method, published event and error that crosses a process border is
declared here, once, and read by both sides.
"""
