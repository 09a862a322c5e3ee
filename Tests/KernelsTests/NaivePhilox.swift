/// Philox4x32-10 as its paper writes it: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3".
func philox(counter: [UInt32], key: [UInt32]) -> [UInt32] {
    var counter = counter
    var key = key
    for _ in 0..<10 {
        let first = UInt64(0xD251_1F53) * UInt64(counter[0])
        let second = UInt64(0xCD9E_8D57) * UInt64(counter[2])
        counter = [
            UInt32(second >> 32) ^ counter[1] ^ key[0], UInt32(truncatingIfNeeded: second),
            UInt32(first >> 32) ^ counter[3] ^ key[1], UInt32(truncatingIfNeeded: first),
        ]
        key = [key[0] &+ 0x9E37_79B9, key[1] &+ 0xBB67_AE85]
    }
    return counter
}
