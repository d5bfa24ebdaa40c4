"""What other tools load if the library is installed. It imports the library late or never."""
