"""Long lists as files: CSV and PDF, written piece by piece as their pages come in.

Whatever the length, memory holds one page of a service's list and one page of paper.
"""
