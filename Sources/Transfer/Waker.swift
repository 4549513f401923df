private import CCurl

/// Interrupts the loop's wait from another thread.
///
/// "This function can be called from any thread" (`curl_multi_wakeup(3)`). The loop takes the waker back out of its
/// inbox before it frees the handle.
@safe struct Waker: @unchecked Sendable {
    private let multi: UnsafeMutableRawPointer

    init(multi: UnsafeMutableRawPointer) {
        unsafe self.multi = multi
    }

    func wake() {
        unsafe curl_multi_wakeup(multi)
    }
}
