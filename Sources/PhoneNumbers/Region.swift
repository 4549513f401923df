private import CPhoneNumber

/// Whether there are rules for the numbers of this region, given in ISO 3166 as two capital letters.
///
/// Some with few people or none have no rules (AQ, BV, GS, HM, PN, TF, UM); AC, TA and XK have.
package func isRegion(_ code: String) -> Bool {
    guard code.utf8.count == 2, code.utf8.allSatisfy({ (0x41...0x5a).contains($0) }) else { return false }
    return unsafe cphone_is_region(code)
}
