// Names and labels are those of the contract with whoever watches; they are added to, never changed.
extension MetricDescription {
    static let events = MetricDescription(
        "gatepost_events_total",
        "Events that came in, by type and what became of them.",
        labels: ["type", "status"]
    )
    static let deliveries = MetricDescription(
        "gatepost_deliveries",
        "Deliveries in the database, by channel and state.",
        labels: ["channel", "state"]
    )
    static let deliverySeconds = MetricDescription(
        "gatepost_delivery_seconds",
        "Time from the acceptance of an event until a gateway had taken its message.",
        labels: ["channel"]
    )
    static let oldestReady = MetricDescription(
        "gatepost_oldest_ready_seconds",
        "How long the delivery that has waited longest for a carrier has been due; 0 where none waits.",
        labels: ["channel"]
    )
    static let attempts = MetricDescription(
        "gatepost_attempts_total",
        "Attempts, by gateway and outcome.",
        labels: ["gateway", "outcome"]
    )
    static let spend = MetricDescription(
        "gatepost_spend_micros_total",
        "Amounts of the ledger's entries about attempts, in millionths of the currency.",
        labels: ["currency", "country", "kind"]
    )
    static let budgetUse = MetricDescription(
        "gatepost_budget_used_ratio",
        "What is used of a budget in its period of now, of its limit; of what it counts apart the one that used most.",
        labels: ["budget"]
    )
    static let limitRefusals = MetricDescription(
        "gatepost_limit_refusals_total",
        "Requests and events that a limit refused, by the limit's name.",
        labels: ["limit"]
    )
    static let verifications = MetricDescription(
        "gatepost_verifications_total",
        "Tries at codes, by purpose and result.",
        labels: ["purpose", "result"]
    )
    static let commitSeconds = MetricDescription(
        "gatepost_store_commit_seconds",
        "Time that commits of the database took, of those that wrote."
    )
    static let batchSize = MetricDescription(
        "gatepost_store_batch_size",
        "Requests that shared a commit of the database, of those that wrote."
    )
    static let walBytes = MetricDescription(
        "gatepost_wal_bytes",
        "Pages in the write-ahead log after the last commit."
    )
    static let pageReads = MetricDescription(
        "gatepost_store_page_reads_total",
        "Pages of the database that the writer looked at, in its cache or not."
    )
    static let carriers = MetricDescription(
        "gatepost_carriers",
        "Carriers that asked for work in the last minute.",
        labels: ["channel"]
    )
    static let build = MetricDescription("gatepost_build_info", "1, for the version that runs.", labels: ["version"])
    static let startTime = MetricDescription(
        "process_start_time_seconds",
        "Start time of the process since the Unix epoch."
    )
    static let residentMemory = MetricDescription("process_resident_memory_bytes", "Resident memory of the process.")
}
