import Clocks
import Foundation
import JSON

/// Fetches the ledger page by page and writes each page as it comes, so that its size does not matter.
struct LedgerExport {
    private static let pageLength = 5000

    private let client: Client
    private let isCSV: Bool
    private let bounds: [String]

    init(_ client: Client, isCSV: Bool, from: Instant?, to: Instant?) {
        (self.client, self.isCSV) = (client, isCSV)
        bounds =
            [("from", from), ("to", to)].compactMap { name, instant in
                instant.map { "\(name)=\(Client.escaped("\($0)"))" }
            }
    }

    /// Returns how many entries there were.
    func run(to file: FileHandle) async throws -> Int {
        var progress = Progress("exporting entries:")
        var entries = 0
        var after: String?
        var isFirst = true
        while true {
            let query =
                bounds + ["limit=\(LedgerExport.pageLength)"] + (after.map { ["after=" + Client.escaped($0)] } ?? [])
            let page = try await client.bytes(
                "/v1/ledger?" + query.joined(separator: "&"),
                accept: isCSV ? "text/csv" : "application/x-ndjson"
            )
            var lines = page.split(separator: 0x0a)
            var text = page[...]
            if isCSV, let header = lines.first {
                lines.removeFirst()
                if !isFirst { text = page.dropFirst(header.count + 1) }
            }
            try write(text, to: file)
            entries += lines.count
            progress.show(entries)
            // The server may give less than was asked for; what says that nothing follows is a page without entries.
            guard let last = lines.last else { break }
            let next = try place(of: Array(last))
            guard next != after else {
                throw CommandFailure(1, "the server gave one page twice; the export is not whole")
            }
            (after, isFirst) = (next, false)
        }
        progress.end()
        return entries
    }

    private func write(_ bytes: ArraySlice<UInt8>, to file: FileHandle) throws {
        do {
            try file.write(contentsOf: Data(bytes))
        } catch {
            throw CommandFailure(1, "the export cannot be written; it is not whole, so make it again")
        }
    }

    /// Where an entry stands, as the next page is asked for.
    private func place(of line: [UInt8]) throws -> String {
        if isCSV {
            let fields = line.split(separator: UInt8(ascii: ","), maxSplits: 2, omittingEmptySubsequences: false)
            if fields.count == 3, let sequence = Int64(String(decoding: fields[1], as: UTF8.self)) {
                return "\(String(decoding: fields[0], as: UTF8.self)):\(sequence)"
            }
        } else if let entry = try? JSONValue(parsing: line), let writer = entry["writer"]?.string,
            let sequence = entry["sequence"]?.int
        {
            return "\(writer):\(sequence)"
        }
        throw CommandFailure(1, "the server's ledger has a line that is no entry; run `gatepost ledger verify`")
    }
}
