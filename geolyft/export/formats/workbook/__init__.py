"""The layers as an Excel workbook for colleagues."""
