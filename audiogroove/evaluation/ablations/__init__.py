"""What each part of the network is worth: small networks, each with something left out."""
