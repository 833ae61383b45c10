"""What every service shares: the contract, the stage engine, the store, the service runtime."""
