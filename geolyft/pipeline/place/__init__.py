"""A place becomes figures: from residents inside where a run has them, else from small areas."""
