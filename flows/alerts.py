def raise_alerts(store, at):
    raise NotImplementedError
