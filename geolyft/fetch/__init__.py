"""Everything that uses the network: files of publishers, kept and checksummed."""
