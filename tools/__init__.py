"""Programs for the authors of the course: they build and check, and are not part of the package."""
