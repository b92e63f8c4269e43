"""Every SELECT of the cases domain; each starts from `criteria.visible_to(actor)`."""
