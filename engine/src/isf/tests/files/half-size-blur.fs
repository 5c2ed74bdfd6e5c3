/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" }, { "NAME": "radius", "TYPE": "float", "MIN": 0, "MAX": 16, "DEFAULT": 4 } ],
    "PASSES": [
        { "TARGET": "across", "WIDTH": "floor($WIDTH / 2.0)", "HEIGHT": "floor($HEIGHT / 2.0)" },
        { "TARGET": "down", "WIDTH": "max(floor($WIDTH * 0.5), 1.0)", "HEIGHT": "max(floor($HEIGHT * 0.5), 1.0)" },
        { } ] }*/
vec4 smear(vec2 step) {
    vec4 sum = vec4(0);
    for (int i = -3; i <= 3; ++i) {
        vec2 at = isf_FragNormCoord + step * i;
        sum += PASSINDEX == 0 ? IMG_NORM_PIXEL(inputImage, at) : IMG_NORM_PIXEL(across, at);
    }
    return sum / 7;
}
void main() {
    vec2 px = radius / RENDERSIZE;
    switch (PASSINDEX) {
        case 0: gl_FragColor = smear(vec2(px.x, 0)); break;
        case 1: gl_FragColor = smear(vec2(0, px.y)); break;
        default: gl_FragColor = IMG_NORM_PIXEL(down, isf_FragNormCoord);
    }
}
