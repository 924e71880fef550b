"""What is made from all examples and chapters together: quizzes, a map, the table of errata."""
