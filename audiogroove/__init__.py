"""AudioGroove: a composer that lives in a group chat."""
