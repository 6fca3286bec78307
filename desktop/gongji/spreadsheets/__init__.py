"""Tables in files, read and written. The one door to csv, openpyxl, xlrd and the XML of a workbook.

What a file is shows in its content, not in its name. A file is parsed in a child process that may take so much memory
and time and no more (`open_table`, `table_process`); everything that can be wrong with it is one `GongjiError`.
"""
