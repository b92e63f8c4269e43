"""What `make screenshots` photographs, one file per kind of viewer."""
