// Philox4x32-10, Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
#include "CKernels.h"
#include "vector.h"

#define BLOCKS 16
#define WORDS (4 * BLOCKS)

// Sixteen blocks side by side; words in their order: block by block, word 0 to 3.
INLINE void philox_words(uint64_t key, uint64_t counter, uint32_t words[WORDS]) {
    for (int i = 0; i < BLOCKS; i++) {
        uint32_t c0 = (uint32_t)(counter + i), c1 = (uint32_t)((counter + i) >> 32), c2 = 0, c3 = 0;
        uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
#pragma clang loop unroll(full)
        for (int round = 0; round < 10; round++) {
            const uint64_t a = (uint64_t)0xD2511F53u * c0, b = (uint64_t)0xCD9E8D57u * c2;
            c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
            c1 = (uint32_t)b;
            c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
            c3 = (uint32_t)a;
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
        words[4 * i] = c0;
        words[4 * i + 1] = c1;
        words[4 * i + 2] = c2;
        words[4 * i + 3] = c3;
    }
}

WIDEST void ck_philox(uint64_t key, uint64_t counter, size_t count, uint32_t *out) {
    uint32_t words[WORDS];
    for (size_t i = 0; i < count; i += WORDS, counter += BLOCKS) {
        philox_words(key, counter, words);
        memcpy(out + i, words, (count - i < WORDS ? count - i : WORDS) * sizeof(uint32_t));
    }
}

WIDEST void ck_bernoulli(uint64_t key, uint64_t counter, size_t count, uint32_t threshold, float kept, float *out) {
    uint32_t words[WORDS];
    for (size_t i = 0; i < count; i += WORDS, counter += BLOCKS) {
        philox_words(key, counter, words);
        size_t n = count - i < WORDS ? count - i : WORDS;
        for (size_t k = 0; k < n; k++) out[i + k] = words[k] < threshold ? kept : 0;
    }
}

WIDEST void ck_uniform(uint64_t key, uint64_t counter, size_t count, float bound, float *out) {
    uint32_t words[WORDS];
    for (size_t i = 0; i < count; i += WORDS, counter += BLOCKS) {
        philox_words(key, counter, words);
        size_t n = count - i < WORDS ? count - i : WORDS;
        for (size_t k = 0; k < n; k++) out[i + k] = ((int32_t)(words[k] >> 8) - 0x800000) * (bound / 0x800000);
    }
}
