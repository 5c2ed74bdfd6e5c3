/*{ "ISFVSN": "2" }*/
#extension GL_OES_standard_derivatives : enable
void main() {
    float v = sin(gl_FragCoord.x * 0.1) * cos(gl_FragCoord.y * 0.1);
    float up = dFdy(gl_FragCoord.y);
    gl_FragColor = vec4(smoothstep(0.0, fwidth(v) * 2.0, abs(v)), abs(dFdx(v)) * 10.0, up, 1.0);
}
