internal import CCurl

/// The HTTP requests that are on the wire, and handles that wait for the next.
@safe final class HTTPPool {
    private let multi: UnsafeMutableRawPointer
    private let spareLimit: Int
    private var active: [UnsafeMutableRawPointer: HTTPTransfer] = unsafe [:]
    private var spare: [HTTPTransfer] = []

    init(multi: UnsafeMutableRawPointer, spareLimit: Int) {
        unsafe self.multi = multi
        self.spareLimit = spareLimit
    }

    var count: Int { unsafe active.count }

    func start(_ job: HTTPJob) {
        guard let transfer = spare.popLast() ?? Easy().map({ HTTPTransfer(easy: $0) }) else {
            return job.end(.failed(TransferFailure(.unreachable, "Nothing was sent: there is no memory.")))
        }
        transfer.begin(job, now: .now)
        unsafe active[transfer.easy.handle] = transfer
        unsafe curl_multi_add_handle(multi, transfer.easy.handle)
    }

    /// Ends the request whose handle libcurl has ended, and returns whether it is one of these.
    func finished(_ handle: UnsafeMutableRawPointer, _ code: CURLcode) -> Bool {
        guard let transfer = unsafe active[handle] else { return false }
        end(transfer, transfer.result(code))
        return true
    }

    func cancel(_ number: UInt64) {
        guard let transfer = unsafe active.values.first(where: { $0.job?.number == number }) else { return }
        end(transfer, transfer.resultWhenCancelled(reason: "The transfer was cancelled."))
    }

    func end() {
        for transfer in unsafe Array(active.values) {
            end(transfer, transfer.resultWhenCancelled(reason: "Transfers were shut down."))
        }
        spare = []
    }

    private func end(_ transfer: HTTPTransfer, _ result: HTTPResult) {
        unsafe curl_multi_remove_handle(multi, transfer.easy.handle)
        unsafe active[transfer.easy.handle] = nil
        let job = transfer.job
        transfer.clear()
        // What libcurl means to do about a request that it lost must not meet the next one.
        if case .answered = result, spare.count < spareLimit { spare.append(transfer) }
        job?.end(result)
    }
}
