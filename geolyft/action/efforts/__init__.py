"""The register of efforts: read with every fault at once, written as a workbook to fill in."""
