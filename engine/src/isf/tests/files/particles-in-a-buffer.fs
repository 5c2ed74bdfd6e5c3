/*{ "ISFVSN": "2", "PASSES": [ { "TARGET": "state", "WIDTH": 16, "HEIGHT": 16, "PERSISTENT": true, "FLOAT": true }, { "TARGET": "drawn", "PERSISTENT": true }, {} ] }*/
#define STATE(i) IMG_PIXEL(state, vec2(mod(float(i), 16.) + .5, floor(float(i) / 16.) + .5))
void main() {
    if (PASSINDEX == 0) {
        vec4 s = IMG_PIXEL(state, gl_FragCoord.xy);
        if (FRAMEINDEX == 0) s = vec4(fract(sin(gl_FragCoord.xy * 91.7) * 437.5), cos(gl_FragCoord.yx) * .01);
        s.xy += s.zw * TIMEDELTA * 60.;
        if (any(lessThan(s.xy, vec2(0))) || any(greaterThan(s.xy, vec2(1)))) s.zw *= -1.;
        gl_FragColor = s;
    } else if (PASSINDEX == 1) {
        float glow = 0.;
        for (int i = 0; i < 256; i += 4) { vec2 d = isf_FragNormCoord - STATE(i).xy; glow += 1e-5 / dot(d, d); }
        gl_FragColor = vec4(vec3(glow), 1.) + .9 * IMG_THIS_PIXEL(drawn);
    } else gl_FragColor = min(IMG_THIS_PIXEL(drawn), 1.);
}
