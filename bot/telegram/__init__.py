"""Telegram: the bot that people ask."""
