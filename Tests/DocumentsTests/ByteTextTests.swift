import Documents
import Testing

@Test(arguments: [
    (0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (999_499, "999 kB"), (999_500, "1 MB"), (820_400_000, "820 MB"),
    (999_500_000, "1.0 GB"), (1_290_000_000, "1.3 GB"), (999_950_000_000, "1.0 TB"), (Int.max, "9223372.0 TB"),
])
func `bytes in words`(bytes: Int, text: String) {
    #expect(bytes.bytesText == text)
}
