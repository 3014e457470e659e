"""Whether what was done helped: plans registered beforehand, held against published figures."""
