"""The text of files, read in a process of its own (`child`) that `errand` drives.

`layer` reads PDFs, `office` DOCX, XLSX and ODT, `ocr` scans; `reading` joins them.
Nothing here imports the service: the child shares no connection and no secret with it.
"""
