"""The notebooks under must_fail/ are run by test_must_fail.py alone, in processes of their own."""

collect_ignore = ["must_fail"]
