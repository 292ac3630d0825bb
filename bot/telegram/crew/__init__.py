"""The crew: processes that answer questions beside each other, so that more than one core works on them."""
