// Scalar functions without branches, so that the loops that call them become vectors of whatever width is there.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// The function that chooses between the clones runs before the thread sanitizer, which would look at it, has begun.
#if defined(__x86_64__) && defined(__linux__) && !(defined(__has_feature) && __has_feature(thread_sanitizer))
#define WIDEST __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDEST
#endif
#define INLINE static inline __attribute__((always_inline))
// Sums in any order, one partial sum a lane.
#define ANY_ORDER _Pragma("clang fp reassociate(on) contract(fast)")
// For loops whose passes do not meet in memory. The compiler cannot see that the gates of a row lie side by side; left to find out
// by itself, it decides when the program runs that they might overlap, and takes one value at a time.
#define VECTORISE _Pragma("clang loop vectorize(assume_safety) interleave(assume_safety)")
#pragma STDC FP_CONTRACT ON

INLINE uint32_t bits(float x) { uint32_t i; memcpy(&i, &x, sizeof i); return i; }
INLINE float from_bits(uint32_t i) { float x; memcpy(&x, &i, sizeof x); return x; }

// e^x to 2 ulp; 0 below -87.3, infinity above 88.72. Cody-Waite reduction, degree-6 polynomial.
INLINE float exponential(float x) {
    const float round = 12582912.0f;
    float clamped = x < -87.3f ? -87.3f : x;
    clamped = clamped > 88.7228f ? 88.7228f : clamped;
    const float shifted = clamped * 1.44269504088896341f + round;
    const float n = shifted - round;
    float r = clamped - n * 0.693359375f;
    r = r - n * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.0f;
    // 2^n in two factors, so that n = 128 does not overflow the exponent.
    const int32_t e = (int32_t)(bits(shifted) - bits(round));
    const int32_t half = e >> 1;
    const float scaled = p * from_bits((uint32_t)(half + 127) << 23) * from_bits((uint32_t)(e - half + 127) << 23);
    const float low = x < -87.3f ? 0.0f : scaled;
    const float high = x > 88.7228f ? __builtin_inff() : low;
    return x != x ? x : high;
}

// To 3 ulp.
INLINE float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

// tanh to 2 ulp: an odd polynomial near zero, else from e^2|x|.
INLINE float hyperbolic_tangent(float x) {
    const float magnitude = __builtin_fabsf(x);
    const float z = x * x;
    float p = -5.70498872745e-3f;
    p = p * z + 2.06390887954e-2f;
    p = p * z + -5.37397155531e-2f;
    p = p * z + 1.33314422036e-1f;
    p = p * z + -3.33332819422e-1f;
    const float near = p * z * x + x;
    const float far = 1.0f - 2.0f / (exponential(magnitude + magnitude) + 1.0f);
    return magnitude < 0.625f ? near : __builtin_copysignf(far, x);
}
