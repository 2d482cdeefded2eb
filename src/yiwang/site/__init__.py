"""Settings, addresses, server, command line, first run and the demo county."""
