"""The layers and tables of a delivery, and what every column of them means."""
