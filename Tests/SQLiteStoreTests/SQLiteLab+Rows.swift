import SQLite

@testable import SQLiteStore

extension SQLiteLab {
    private static let tables: [StaticString] = [
        "SELECT group_concat(quote(id) || quote(refused) || quote(brought)) FROM event",
        "SELECT group_concat(quote(identity) || quote(event)) FROM seen",
        "SELECT group_concat(quote(number) || quote(entries)) FROM recent",
        "SELECT group_concat(quote(id) || quote(codes) || quote(tries) || quote(verified) || quote(closed)) FROM challenge",
        "SELECT group_concat(quote(person) || quote(full_at) || quote(shadow)) FROM tries",
        "SELECT group_concat(quote(id) || quote(state) || quote(reason) || quote(tried) || quote(counted)) FROM delivery",
        """
        SELECT group_concat(quote(id) || quote(state) || quote(reason) || quote(gateway) || quote(due) || quote(fence)
            || quote(lease) || quote(carrier) || quote(tried) || quote(counted) || quote(crashes)) FROM hot
        """,
        """
        SELECT group_concat(quote(delivery) || quote(number) || quote(outcome) || quote(applied) || quote(amount)
            || quote(committed) || quote(price)) FROM attempt
        """,
        "SELECT group_concat(quote(delivery) || quote(attempt) || quote(state) || quote(code) || quote(price)) FROM receipt",
        "SELECT group_concat(quote(delivery) || quote(due) || quote(lease) || quote(step) || quote(asked)) FROM timer",
        "SELECT group_concat(quote(delivery) || quote(reserved) || quote(period)) FROM outlay",
        """
        SELECT group_concat(quote(hour) || quote(currency) || quote(tenant) || quote(reserved) || quote(committed)
            || quote(over)) FROM spend
        """,
        "SELECT group_concat(quote(sequence) || quote(hash)) FROM ledger",
        "SELECT group_concat(quote(name) || quote(unreachable) || quote(down_since)) FROM gateway",
    ]

    /// All that the tables hold, but for counters that a failure may move on.
    func rows() throws -> [String] {
        var connection = try Connection(path: path, access: .readOnly)
        var rows: [String] = []
        for table in SQLiteLab.tables { rows.append(try connection.first(table, read: { $0.text(0) }) ?? "") }
        return rows
    }
}
