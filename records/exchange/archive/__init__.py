"""Archives (PACS) and scanners: what consults keep is sent, earlier exams are found, worklists answered."""
