"""What is done about it: the register of efforts, held against needs."""
