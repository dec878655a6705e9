"""Files of letters at the edge: in by stream, judged by content, out by range.

``spool`` receives an upload, ``worker`` (its own process, driven by ``workshop``)
judges it and paints page images, ``store`` keeps blobs by their SHA-256, ``pages``
joins the last two. Who may see a file is the letters service's decision.
"""
