"""The planners' map: what the page may know, and its own HTML, CSS and JavaScript."""
