"""What is true about people and consults: values, rules, and the Protocols they need.

No I/O here. The wing `records.store` keeps these values in SQL and in sample files.
"""
