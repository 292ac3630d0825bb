"""The handlers: one for each thing that people do; each takes the matter out, hands it on, and renders what comes."""
