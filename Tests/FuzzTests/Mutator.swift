/// Alters bytes as a fuzzer does; the same seed gives the same files.
struct Mutator {
    private static let numbers = [
        "0", "-1", "1", "2", "255", "65536", "2147483648", "4294967295", "9007199254740993", "9223372036854775807", "-9223372036854775808",
        "18446744073709551615", "1e999", "-0", "nan", "inf", "0.5",
    ].map { Array($0.utf8) }
    private static let bytes: [UInt8] = [0, 1, 0x0A, 0x0D, 0x20, 0x22, 0x2A, 0x26, 0x27, 0x5B, 0x5C, 0x5D, 0x7B, 0x7D, 0x7F, 0x80, 0xC3, 0xE2, 0xED, 0xFF, 0x1E]
    private static let largestFile = 20_000

    private let seeds: [[UInt8]]
    private var state: UInt64

    init(seeds: [[UInt8]], seed: UInt64) {
        self.seeds = seeds
        state = seed
    }

    /// The next file: one of the seeds with a few alterations.
    mutating func next() -> [UInt8] {
        var file = seeds[below(seeds.count)]
        for _ in 0...below(5) { alter(&file) }
        return Array(file.prefix(Self.largestFile))
    }

    private mutating func alter(_ file: inout [UInt8]) {
        let place = below(file.count + 1)
        let end = min(file.count, place + 1 + below(below(2) == 0 ? 4 : 64))
        switch below(9) {
        case 0 where place < file.count: file[place] ^= 1 << UInt8(below(8))
        case 1 where place < file.count: file[place] = Self.bytes[below(Self.bytes.count)]
        case 2: file.insert(Self.bytes[below(Self.bytes.count)], at: place)
        case 3: file.removeSubrange(place..<end)
        case 4: file.insert(contentsOf: Array(file[place..<end]), at: below(file.count + 1))
        case 5: file.removeSubrange(place...)
        case 6:
            let other = seeds[below(seeds.count)]
            let start = below(other.count + 1)
            file.replaceSubrange(place..<end, with: other[start..<min(other.count, start + 1 + below(64))])
        default: alterNumber(&file, near: place)
        }
    }

    /// Puts another number in place of the next one after a place.
    private mutating func alterNumber(_ file: inout [UInt8], near place: Int) {
        guard let start = file[place...].firstIndex(where: { $0 >= 0x30 && $0 <= 0x39 }) else { return }
        let end = file[start...].firstIndex { !($0 >= 0x30 && $0 <= 0x39) } ?? file.count
        file.replaceSubrange(start..<end, with: Self.numbers[below(Self.numbers.count)])
    }

    private mutating func below(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let mixed = (state ^ (state >> 33)) &* 0xff51_afd7_ed55_8ccd
        return Int((mixed >> 32) % UInt64(max(1, count)))
    }
}
