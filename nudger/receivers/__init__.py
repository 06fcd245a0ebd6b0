"""Those who are told of calls: webhooks and CRMs. The only code that talks to them."""
