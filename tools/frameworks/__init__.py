"""Values of the frameworks, written down as data for the tests: `make frameworks`."""
