"""The pages of the lägesbild: one of the city, and one for each area."""
