"""What the published figures say: change, causes, groups, small areas, targets, stories."""
