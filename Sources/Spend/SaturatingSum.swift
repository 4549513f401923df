extension Int64 {
    /// The sum, or the greatest or least number where it is beyond these.
    ///
    /// For sums that bills take part in: a bill can hold any number, and a sum that ends the program helps nobody.
    func saturatingSum(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other > 0 ? .max : .min) : sum
    }
}
