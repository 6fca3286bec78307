"""Tables in files, read and written. The one door to csv, openpyxl, xlrd and the XML of a workbook.

A file's format is recognised by its content, not its name. A file is parsed in a child process with limited memory
and time (`open_table`, `table_process`); everything that can be wrong with it is one `GongjiError`.
"""
