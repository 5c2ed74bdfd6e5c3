/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "fft", "TYPE": "audioFFT" }, { "NAME": "wave", "TYPE": "audio" } ] }*/
float band(sampler2D from, float lo, float hi) {
    float sum = 0.0;
    for (int i = 0; i < 8; i++) sum += texture2D(from, vec2(mix(lo, hi, float(i) / 7.0), 0.5)).r;
    return sum / 8.0;
}
void main() { gl_FragColor = vec4(band(fft, 0.0, 0.1), band(fft, 0.1, 0.5), band(wave, 0.0, 1.0), 1.0); }
