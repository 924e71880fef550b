"""What the documentation is built with, besides mkdocs: pages and pictures made from the code."""
