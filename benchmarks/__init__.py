"""The figures of dlhand against its peers."""
