"""What happens where and when: events on areas and hours, and what of it is more than chance."""
