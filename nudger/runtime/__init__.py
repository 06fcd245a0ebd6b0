"""What every job is given: context, accounts, policies, and how work is tried."""
